package dev.tutti.cli.proof.hostile;

/** Sends something hostile and says in brief what the answer was. */
@FunctionalInterface
interface Attack {
    String on(Victim victim) throws Exception;
}
