package broken.file;

import broken.account.AccountThatKnowsTheChat;

/** Breaks: files do not know accounts and chat. */
public record FileThatKnowsAccounts(AccountThatKnowsTheChat wrong) {}
