-- What was sent within the hour before the latest: good until its own hour is over, or void (null) and counted all the same.
alter table tutti.mail_token
    add column former_hashes   bytea[]       not null default '{}',
    add column former_expiries timestamptz[] not null default '{}';

create index mail_token_former on tutti.mail_token using gin (former_hashes);
