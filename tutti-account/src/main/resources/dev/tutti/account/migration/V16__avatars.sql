-- Pictures of people: small ones, drawn by the server. The version stands with the person, so that who lists people knows it.
alter table tutti.user add column avatar text;

create table tutti.avatar (
    user_id text collate "C" primary key references tutti.user on delete cascade,
    type    text  not null,
    bytes   bytea not null check (length(bytes) <= 1048576)
);
