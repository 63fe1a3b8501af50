-- Which messages have which files. Written together with the message; whoever sees the message may read the file.
create table tutti.message_attachment (
    file_id         text collate "C" not null,
    conversation_id text collate "C" not null references tutti.conversation,
    seq             bigint           not null, -- the message's
    primary key (file_id, conversation_id, seq)
);
