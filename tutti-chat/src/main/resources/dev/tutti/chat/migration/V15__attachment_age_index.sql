-- Apart from the column, so that downloads wait for nothing while it is built; messages with attachments do.
create index message_attachment_age on tutti.message_attachment (at);
