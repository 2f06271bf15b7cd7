package dev.cpg.demo;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set beside the starter's own properties.
 *
 * @param allowedHosts host names that the page is served under, other than those of this
 * machine itself, without a port
 */
@ConfigurationProperties("demo")
record DemoProperties(@DefaultValue List<String> allowedHosts) {
}
