alter table tutti.stream add column made_by_a_test integer;
