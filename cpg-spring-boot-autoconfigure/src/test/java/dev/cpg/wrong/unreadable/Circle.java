package dev.cpg.wrong.unreadable;

/**
 * A circle.
 *
 * @param radius its radius
 */
public record Circle(int radius) implements Shape {
}
