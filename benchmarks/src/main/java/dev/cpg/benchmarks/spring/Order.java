package dev.cpg.benchmarks.spring;

/**
 * The payload of a typed message, which is sent as JSON.
 *
 * @param number a number
 * @param customer a text
 * @param cents an amount
 */
public record Order(long number, String customer, int cents) {

}
