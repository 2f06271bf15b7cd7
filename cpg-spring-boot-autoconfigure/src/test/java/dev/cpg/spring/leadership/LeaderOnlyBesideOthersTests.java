package dev.cpg.spring.leadership;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link LeaderOnly} together with Spring's other annotations.
 */
@Timeout(30)
class LeaderOnlyBesideOthersTests {

	private static final String ROLE = "billing";

	private final GrantedLeadership billing = new GrantedLeadership(ROLE);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withBean(CpgLeadership.class, () -> this.billing)
		.withUserConfiguration(LeaderOnlyTests.Guarding.class)
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(classes = { Transactions.class, AsyncTransactions.class })
	void noTransactionBeginsWhereTheCallIsSkipped(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			List<String> log = context.getBean(RecordedTransactions.class).log;
			Work work = context.getBean(Work.class);
			work.transactional(log);
			assertThat(log).isEmpty();
			this.billing.granted(5);
			work.transactional(log);
			assertThat(log).containsExactly("begin under 5", "work under 5", "commit under 5");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { Asynchronous.class, EarlyAsynchronous.class, AsyncTransactions.class })
	void anAsynchronousMethodAsksOnTheThreadThatRunsIt(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			Work work = context.getBean(Work.class);
			assertThat(work.async()).succeedsWithin(10, TimeUnit.SECONDS).isNull();
			this.billing.granted(5);
			assertThat(work.async()).succeedsWithin(10, TimeUnit.SECONDS)
				.asString()
				.startsWith("work under 5 in ")
				.doesNotEndWith(Thread.currentThread().getName());
		});
	}

	@Test
	void aScheduledMethodRunsWhileThisServiceLeads() {
		this.runner.withUserConfiguration(Scheduling.class).run((context) -> {
			Ticks ticks = context.getBean(Ticks.class);
			assertThat(ticks.everywhere().poll(10, TimeUnit.SECONDS)).isNotNull();
			assertThat(ticks.everywhere().poll(10, TimeUnit.SECONDS)).isNotNull();
			assertThat(ticks.onLeader()).isEmpty();
			this.billing.granted(5);
			assertThat(ticks.onLeader().poll(10, TimeUnit.SECONDS)).isEqualTo(5);
		});
	}

	@Test
	void aListenerIsCalledWhereThisServiceLeads() {
		this.runner.withBean(Listener.class).run((context) -> {
			Listener listener = context.getBean(Listener.class);
			CpgLeadershipGrantedEvent event = new CpgLeadershipGrantedEvent(this, "group", CpgView.NONE, ROLE, 5);
			context.publishEvent(event);
			this.billing.granted(5);
			context.publishEvent(event);
			assertThat(listener.tokens()).containsExactly(5L);
		});
	}

	static class Work {

		@LeaderOnly(ROLE)
		@Transactional
		public void transactional(List<String> log) {
			log.add("work under " + CpgLeadership.currentToken());
		}

		@Async
		@LeaderOnly(ROLE)
		public CompletableFuture<String> async() {
			return CompletableFuture.completedFuture(
					"work under %d in %s".formatted(CpgLeadership.currentToken(), Thread.currentThread().getName()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Transactions {

		@Bean
		RecordedTransactions transactionManager() {
			return new RecordedTransactions();
		}

		@Bean
		Work work() {
			return new Work();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Asynchronous {

		@Bean
		Work work() {
			return new Work();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(order = 0)
	static class EarlyAsynchronous {

		@Bean
		Work work() {
			return new Work();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class AsyncTransactions extends Transactions {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

		@Bean
		Ticks ticks() {
			return new Ticks();
		}

	}

	static class Ticks {

		private final BlockingQueue<Long> everywhere = new LinkedBlockingQueue<>();

		private final BlockingQueue<Long> onLeader = new LinkedBlockingQueue<>();

		BlockingQueue<Long> everywhere() {
			return this.everywhere;
		}

		BlockingQueue<Long> onLeader() {
			return this.onLeader;
		}

		@Scheduled(fixedDelay = 10)
		void forAll() {
			this.everywhere.add(0L);
		}

		@Scheduled(fixedDelay = 10)
		@LeaderOnly(ROLE)
		void forLeader() {
			this.onLeader.add(CpgLeadership.currentToken());
		}

	}

	static class Listener {

		private final List<Long> tokens = new ArrayList<>();

		List<Long> tokens() {
			return this.tokens;
		}

		@EventListener
		@LeaderOnly(ROLE)
		void granted(CpgLeadershipGrantedEvent event) {
			this.tokens.add(event.getToken());
		}

	}

	static class RecordedTransactions extends AbstractPlatformTransactionManager {

		final transient List<String> log = new ArrayList<>();

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.log.add("begin under " + CpgLeadership.currentToken());
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.log.add("commit under " + CpgLeadership.currentToken());
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.log.add("rollback");
		}

	}

}
