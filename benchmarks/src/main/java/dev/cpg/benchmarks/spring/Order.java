package dev.cpg.benchmarks.spring;

/**
 * A typed message's payload, which goes as JSON.
 *
 * @param number a number
 * @param customer a text
 * @param cents an amount
 */
public record Order(long number, String customer, int cents) {

}
