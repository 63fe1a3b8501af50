package dev.tutti.account;

/**
 * A message to one person.
 *
 * @param to an e-mail address
 * @param subject one line
 * @param text what it says; it may hold a link that must not get into other hands
 */
public record Mail(String to, String subject, String text) {
    @Override
    public String toString() {
        return "a mail: " + subject; // never its text into a log by accident
    }
}
