package dev.tutti.cli.proof.hostile;

/**
 * One row of the table.
 *
 * @param what what is sent
 * @param attack sends it
 * @param answer exactly what must be answered: {@code 400 bad_request} for an HTTP status and error code, {@code close
 *     1002} for a WebSocket's close code, {@code error forbidden}, {@code ack forbidden} and {@code connect_error
 *     unauthenticated} for messages on a socket, {@code closed} for a connection that ends without a word, {@code ok} for
 *     an answer that is no refusal because there is nothing to refuse
 */
record Hostile(String what, Attack attack, String answer) {
    @Override
    public String toString() {
        return what + " -> " + answer;
    }
}
