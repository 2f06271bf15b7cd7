package dev.cpg.demo.browser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/**
 * Keeps pages of other sites that are open in a browser on this machine away from the
 * group. Such a page can point its host name to this machine (DNS rebinding), so only
 * requests for this service's names are answered. It can also post, and show this
 * service's page in a frame; both are refused. Programs other than browsers are not
 * affected.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
@EnableConfigurationProperties(DemoProperties.class)
class BrowserGuard extends OncePerRequestFilter {

	private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

	private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
			+ "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

	private final Set<String> hosts;

	BrowserGuard(DemoProperties properties) {
		this.hosts = Stream.concat(LOOPBACK.stream(), properties.allowedHosts().stream())
			.map((host) -> host.toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		response.setHeader("Content-Security-Policy", POLICY);
		response.setHeader("X-Frame-Options", "DENY");
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Referrer-Policy", "no-referrer");
		if (!this.hosts.contains(request.getServerName().toLowerCase(Locale.ROOT))) {
			refuse(response, "This service does not answer requests for this host name."
					+ " To allow the name, start it with --demo.allowed-hosts=NAME.");
		}
		else if (!READING.contains(request.getMethod()) && !isOfThisPage(request)) {
			refuse(response, "Only this service's own page may do this, not a page of another site.");
		}
		else {
			chain.doFilter(request, response);
		}
	}

	/** A browser names the origin of a request in one of two headers. */
	private static boolean isOfThisPage(HttpServletRequest request) {
		String site = request.getHeader("Sec-Fetch-Site");
		return (site == null || site.equals("same-origin") || site.equals("none"))
				&& WebUtils.isSameOrigin(new ServletServerHttpRequest(request));
	}

	private static void refuse(HttpServletResponse response, String why) throws IOException {
		response.setStatus(HttpStatus.FORBIDDEN.value());
		response.setHeader(HttpHeaders.CONTENT_TYPE, MediaType.TEXT_PLAIN_VALUE);
		response.getOutputStream().write((why + "\n").getBytes(StandardCharsets.UTF_8));
	}

}
