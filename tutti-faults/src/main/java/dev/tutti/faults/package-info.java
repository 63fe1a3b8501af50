/**
 * The fault bench: real server processes on a real PostgreSQL, clients that remember what they were told, and everything
 * bad that can happen to them. It uses public protocols alone.
 */
@NullMarked
package dev.tutti.faults;

import org.jspecify.annotations.NullMarked;
