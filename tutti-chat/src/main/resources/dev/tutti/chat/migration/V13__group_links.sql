-- Links by which people come into a group by themselves, for a while and so often.
create table tutti.group_link (
    id              text collate "C" primary key,
    conversation_id text collate "C" not null references tutti.conversation,
    token_hash      bytea            not null unique, -- SHA-256
    uses_left       integer          not null check (uses_left >= 0),
    created_by      text collate "C" not null references tutti.user,
    created_at      timestamptz      not null default clock_timestamp(),
    expires_at      timestamptz      not null
);

create index group_link_of_conversation on tutti.group_link (conversation_id, created_at);

-- When an owner last took somebody out of a group: links from before do not let them back in.
create table tutti.group_removal (
    conversation_id text collate "C" not null references tutti.conversation,
    user_id         text collate "C" not null references tutti.user,
    at              timestamptz      not null,
    primary key (conversation_id, user_id)
);
