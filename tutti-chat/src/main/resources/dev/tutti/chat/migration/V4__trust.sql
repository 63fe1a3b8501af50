-- Direct conversations that the invited one of the two has not answered. The founder is a member, the invited is not.
create table tutti.invitation (
    conversation_id text collate "C" primary key references tutti.conversation,
    founder         text collate "C" not null references tutti.user,
    invited         text collate "C" not null references tutti.user,
    told            boolean          not null default false, -- with the first message
    created_at      timestamptz      not null default now(),
    declined_at     timestamptz
);

create index invitation_open_by_founder on tutti.invitation (founder) where declined_at is null;
create index invitation_open_to_invited on tutti.invitation (invited, created_at) where declined_at is null and told;

-- Whether somebody came into a group by themselves, by somebody they talk with, or has read it: strangers fill only so much.
alter table tutti.member add column agreed boolean not null default true;

create index member_not_agreed on tutti.member (user_id) where not agreed;

-- The last message of conversations in which something other than a message followed it: edits and receipts, however many
-- they are, do not hide it.
create table tutti.conversation_tail (
    conversation_id text collate "C" primary key references tutti.conversation,
    message_seq     bigint           not null
);

-- What an account has used up on a day of UTC. Kept for a week.
create table tutti.usage (
    user_id       text collate "C" not null references tutti.user,
    day           date             not null,
    bytes         bigint           not null default 0,
    streams       bigint           not null default 0,
    conversations bigint           not null default 0,
    primary key (user_id, day)
);

create index usage_of_day on tutti.usage (day);
