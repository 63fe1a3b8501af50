-- What the chat keeps besides the streams. Messages are events of the stream conversation:<id> and are not here.
create table tutti.conversation (
    id           text collate "C" primary key,
    kind         text        not null check (kind in ('direct', 'group')),
    title        text        check ((title is null) = (kind = 'direct')),
    search_title text collate "C" not null default '', -- the title in lower case, as the server folds it
    open         boolean     not null default false,   -- whether people may join by themselves
    pair         text collate "C" unique,              -- both people of a direct conversation, the smaller id first
    member_count integer     not null default 0,       -- 0: the last one has left, and nobody can come back
    created_at   timestamptz not null default now()
);

create index conversation_open on tutti.conversation (search_title, id) where open and member_count > 0;

create table tutti.member (
    conversation_id text collate "C" not null references tutti.conversation,
    user_id         text collate "C" not null references tutti.user,
    owner           boolean          not null default false,
    joined_seq      bigint           not null, -- they see what came after it
    read_seq        bigint           not null,
    joined_at       timestamptz      not null default now(),
    primary key (conversation_id, user_id)
);

create index member_of_user on tutti.member (user_id, conversation_id);

-- finds who takes over when an owner leaves
create index member_by_age on tutti.member (conversation_id, owner, joined_at, user_id);

-- What became of a message after it was sent, written together with the event that tells of it.
create table tutti.message_change (
    conversation_id text collate "C" not null references tutti.conversation,
    seq             bigint           not null, -- the message's
    changed_seq     bigint           not null, -- the last change's event
    changed_at      timestamptz      not null,
    text            text,                      -- null: deleted
    primary key (conversation_id, seq)
);
