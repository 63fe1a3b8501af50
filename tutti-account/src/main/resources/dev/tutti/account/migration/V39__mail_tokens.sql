-- What was sent within the hour before the latest: good until its own hour is over, or void (null) and counted all the same.
-- Instances that do not know of them change token_hash alone, and so make them void.
alter table tutti.mail_token
    add column former_of       bytea,                             -- the latest, beside which they are good
    add column former_hashes   bytea[]       not null default '{}',
    add column former_expiries timestamptz[] not null default '{}';

create index mail_token_former on tutti.mail_token using gin (former_hashes);
