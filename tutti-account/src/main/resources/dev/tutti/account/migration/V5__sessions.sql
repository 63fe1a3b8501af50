-- What a person needs to recognise a login in a list of theirs.
alter table tutti.user_session
    add column device  text not null default 'Unknown device', -- as the client is called
    add column address text collate "C" not null default '',   -- the network, not the machine: a /24 or /48
    add column used_at timestamptz;                            -- to within two minutes; null: not since the login
