package dev.cpg.spring.leadership;

import java.io.IOException;

import javax.sql.DataSource;

import dev.cpg.test.CorosyncNode;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/**
 * A service as a user would write it, in a JVM of its own: a member of a group that
 * elects who does the billing. It says when it is ready and when it leads, and writes an
 * invoice for each line with a number that it reads; another line ends the transaction.
 */
final class ElectedLeader {

	static final String READY = "ready";

	static final String GRANTED = "granted ";

	private ElectedLeader() {
	}

	static LeaderProcess start(CorosyncNode node, String url) throws IOException {
		return LeaderProcess.start(ElectedLeader.class, node.socketDirectory().toString(), url);
	}

	public static void main(String[] arguments) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Service.class)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "cpg.group=billing", "cpg.leader.roles=billing",
					"cpg.corosync.socket-directory=" + arguments[0], "database=" + arguments[1])
			.run()) {
			LeaderProcess.say(READY);
			Billing billing = context.getBean(Billing.class);
			for (String line = LeaderProcess.readLine(); !line.isEmpty(); line = LeaderProcess.readLine()) {
				int invoice = Integer.parseInt(line);
				LeaderProcess.attempt(() -> billing.bill(invoice));
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableTransactionManagement
	static class Service {

		@Bean
		PGSimpleDataSource dataSource(@Value("${database}") String url) {
			PGSimpleDataSource dataSource = new PGSimpleDataSource();
			dataSource.setUrl(url);
			return dataSource;
		}

		@Bean
		JdbcTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		Billing billing(DataSource dataSource) {
			return new Billing(dataSource);
		}

	}

	static class Billing {

		private final CpgJdbcFence fence;

		private final JdbcTemplate jdbc;

		Billing(DataSource dataSource) {
			this.fence = new CpgJdbcFence(dataSource);
			this.jdbc = new JdbcTemplate(dataSource);
		}

		@EventListener
		void granted(CpgLeadershipGrantedEvent event) {
			LeaderProcess.say(GRANTED + event.getToken());
		}

		@LeaderOnly(value = "billing", otherwise = LeaderOnly.Otherwise.THROW)
		@Transactional
		void bill(int invoice) {
			this.fence.check(CpgLeadership.currentToken());
			this.jdbc.update("INSERT INTO invoice VALUES (?)", invoice);
			LeaderProcess.say(LeaderProcess.BEGUN);
			LeaderProcess.readLine();
		}

	}

}
