package dev.cpg.demo.browser;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the demo, beside those of the starter.
 *
 * @param allowedHosts host names that the page is served under, other than those of this
 * machine itself, without a port
 */
@ConfigurationProperties("demo")
record DemoProperties(@DefaultValue List<String> allowedHosts) {
}
