package dev.cpg.docs;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import javax.sql.DataSource;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.leadership.LeaderOnlyPostProcessor;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.mock;

/**
 * The code of docs/leadership.md, on a leadership that the test grants.
 */
class LeadershipDocumentTests {

	private final CpgLeadership leadership = mock(CALLS_REAL_METHODS);

	@Test
	void billingRunsOnTheLeader() throws Exception {
		given(this.leadership.role()).willReturn("billing");
		given(this.leadership.leader()).willReturn(Optional.of(new CpgAddress(2, 7)));
		given(this.leadership.token()).willReturn(OptionalLong.empty());
		given(this.leadership.await(any(Duration.class))).willAnswer((call) -> this.leadership.isLeader());
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(CpgLeadership.class, () -> this.leadership,
					(definition) -> ((AbstractBeanDefinition) definition)
						.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "billing")));
			context.register(Service.class, FenceConfiguration.class, Billing.class);
			context.refresh();
			Billing billing = context.getBean(Billing.class);
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			billing.bill();
			assertThat(billed(jdbc)).isFalse();
			assertThat(billing.billNow()).isFalse();
			assertThat(billing.status()).isEqualTo("leader is 2/7");
			given(this.leadership.token()).willReturn(OptionalLong.of(5));
			billing.bill();
			assertThat(billed(jdbc)).isTrue();
			assertThat(billing.billNow()).isTrue();
			assertThat(billing.status()).isEqualTo("leads with token 5");
			context.publishEvent(new CpgLeadershipGrantedEvent(this, "orders", CpgView.NONE, "billing", 5));
			context
				.publishEvent(new CpgLeadershipRevokedEvent(this, "orders", CpgView.NONE, "billing", 5, Reason.LEASE));
			assertThat(billing.notes()).containsExactly("sent under 5", "granted 5", "revoked LEASE");
		}
	}

	private static @Nullable Boolean billed(JdbcTemplate jdbc) {
		return jdbc.queryForObject("SELECT billed FROM orders", Boolean.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Service {

		@Bean
		static LeaderOnlyPostProcessor guards() {
			return new LeaderOnlyPostProcessor();
		}

		@Bean
		DataSource dataSource() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setURL("jdbc:h2:mem:billing;DB_CLOSE_DELAY=-1");
			return dataSource;
		}

		@Bean
		JdbcTemplate jdbc(DataSource dataSource) {
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			jdbc.execute("CREATE TABLE cpg_fence (role VARCHAR(255) PRIMARY KEY, token BIGINT NOT NULL)");
			jdbc.execute("CREATE TABLE orders (billed BOOLEAN)");
			jdbc.execute("INSERT INTO orders VALUES (FALSE)");
			return jdbc;
		}

		@Bean
		PlatformTransactionManager transactions(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}
