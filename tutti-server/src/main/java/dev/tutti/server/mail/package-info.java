/** Mails by SMTP. */
@NullMarked
package dev.tutti.server.mail;

import org.jspecify.annotations.NullMarked;
