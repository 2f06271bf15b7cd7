package dev.cpg.demo;

/**
 * What a browser is told.
 *
 * @param name the name of the server-sent event
 * @param data what becomes its JSON
 */
record LiveEvent(String name, Object data) {
}
