-- The words of messages, to search in. They are taken from the events when somebody searches in their conversations, so that sending
-- costs nothing; what an edit makes of a message is written with the edit.
create table tutti.message_words (
    conversation_id text collate "C" not null references tutti.conversation,
    seq             bigint           not null, -- the message's
    at              timestamptz      not null, -- the message's
    words           tsvector         not null, -- and the conversation as one more, which begins with a space: so the index finds both at once
    primary key (conversation_id, seq)
);

create index message_words_search on tutti.message_words using gin (words);
create index message_words_age on tutti.message_words (at);

-- How far the events of a conversation were looked at for them.
create table tutti.message_words_head (
    conversation_id text collate "C" primary key references tutti.conversation,
    seq             bigint           not null
);

-- The text of a message; none of one that is not as the chat writes it, or has what PostgreSQL does not take.
create function tutti.message_text(data bytea) returns text
    language plpgsql immutable parallel safe
    as $$
begin
    return coalesce(convert_from(data, 'UTF8')::json ->> 'text', '');
exception when others then
    return '';
end
$$;
