package dev.cpg.demo.browser;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

class BrowserGuardTests {

	private final BrowserGuard guard = new BrowserGuard(new DemoProperties(List.of("Demo.example")));

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LocalHost", "127.0.0.1", "[::1]", "demo.example" })
	void requestsForThisMachineAndForConfiguredNamesAreAnswered(String host) throws Exception {
		assertThat(send("GET", host, null, null).getStatus()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "attacker.example", "localhost.attacker.example", "demo.example.attacker.example",
			"localhost.", "127.0.0.1.nip.io", "192.0.2.1", "" })
	void requestsForOtherNamesAreRefusedWithTheSettingToChange(String host) throws Exception {
		MockHttpServletResponse response = send("GET", host, null, null);
		assertThat(response.getStatus()).isEqualTo(403);
		assertThat(response.getContentAsString()).contains("--demo.allowed-hosts=NAME");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			POST,   -,                           -
			POST,   http://localhost:8081,       -
			POST,   http://localhost:8081,       same-origin
			POST,   -,                           none
			GET,    http://attacker.example,     cross-site
			""")
	void requestsOfThisPageAndOfOtherProgramsAreAnswered(String method, @Nullable String origin, @Nullable String site)
			throws Exception {
		assertThat(send(method, "localhost", origin, site).getStatus()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			POST,   http://attacker.example,     -
			POST,   http://attacker.example,     cross-site
			POST,   http://localhost:8082,       same-site
			POST,   http://localhost,            -
			POST,   https://localhost:8081,      -
			POST,   null,                        -
			POST,   -,                           cross-site
			POST,   -,                           same-site
			DELETE, http://attacker.example,     -
			PUT,    http://attacker.example,     -
			PATCH,  http://attacker.example,     -
			""")
	void requestsOfAPageOfAnotherSiteAreRefused(String method, @Nullable String origin, @Nullable String site)
			throws Exception {
		assertThat(send(method, "localhost", origin, site).getStatus()).isEqualTo(403);
	}

	@Test
	void aRefusalCannotBeFramedEither() throws Exception {
		MockHttpServletResponse response = send("GET", "attacker.example", null, null);
		assertThat(response.getHeader("Content-Security-Policy")).contains("frame-ancestors 'none'");
		assertThat(response.getHeader("X-Frame-Options")).isEqualTo("DENY");
	}

	private MockHttpServletResponse send(String method, String host, @Nullable String origin, @Nullable String site)
			throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest(method, "/api/messages");
		request.setServerName(host);
		request.setServerPort(8081);
		if (origin != null) {
			request.addHeader("Origin", origin);
		}
		if (site != null) {
			request.addHeader("Sec-Fetch-Site", site);
		}
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.guard.doFilter(request, response, new MockFilterChain());
		return response;
	}

}
