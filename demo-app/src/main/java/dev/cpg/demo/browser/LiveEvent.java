package dev.cpg.demo.browser;

/**
 * An event that is sent to a browser.
 *
 * @param name the name of the server-sent event
 * @param data the content, written as JSON
 */
public record LiveEvent(String name, Object data) {
}
