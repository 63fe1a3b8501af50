-- For those that are lost, which each instance looks for twice a minute.
create index continuation_lost on tutti.continuation (lost) where lost is not null;
