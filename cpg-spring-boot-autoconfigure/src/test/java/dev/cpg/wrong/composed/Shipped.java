package dev.cpg.wrong.composed;

/**
 * A type whose name an annotation of the application's own gives.
 */
@ShopMessage("shipped")
public record Shipped(int id) {
}
