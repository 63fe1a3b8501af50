-- What people answer to messages by one emoji. How often each is there stands with the message, so that a page of messages is read
-- with one row for each, however many people there are. That row is locked while one of them changes.
create table tutti.reacted_message (
    conversation_id text collate "C" not null references tutti.conversation,
    seq             bigint           not null, -- the message's
    at              timestamptz      not null, -- the message's
    emoji           text[] collate "C" not null default '{}', -- in the order in which they came
    counts          bigint[]         not null default '{}', -- of people, for each emoji
    deleted         boolean          not null default false, -- the message is, and takes no more
    primary key (conversation_id, seq)
);

create index reacted_message_age on tutti.reacted_message (at);

create table tutti.reaction (
    conversation_id text collate "C" not null,
    seq             bigint           not null,
    user_id         text collate "C" not null references tutti.user,
    emoji           text collate "C" not null,
    primary key (conversation_id, seq, user_id, emoji),
    foreign key (conversation_id, seq) references tutti.reacted_message on delete cascade
);
