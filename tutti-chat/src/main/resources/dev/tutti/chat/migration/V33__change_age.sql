-- By which edits and deletions of messages that are not kept any more are found. Those who edit wait while it is built.
create index message_change_age on tutti.message_change (changed_at);
