-- The event of a member's inbox that says that they are in the conversation; 0 of those who came before this was noted.
alter table tutti.member add column told_seq bigint not null default 0;
