-- When somebody was online last; nobody is here who never left.
create table tutti.last_seen (
    user_id text collate "C" primary key references tutti.user,
    at      timestamptz      not null
);
