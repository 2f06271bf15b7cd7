package dev.cpg.docs;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Listeners with a thread of their own, as docs/events.md shows them.
 */
// snippet:async
@Configuration(proxyBeanMethods = false)
@EnableAsync
class AsyncConfiguration {

	@Bean(defaultCandidate = false)
	ThreadPoolTaskExecutor orderWorker() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(1);
		executor.setMaxPoolSize(1);
		executor.setQueueCapacity(1000);
		executor.setRejectedExecutionHandler(AsyncConfiguration::waitForRoom);
		return executor;
	}

	private static void waitForRoom(Runnable task, ThreadPoolExecutor executor) {
		try {
			executor.getQueue().put(task);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RejectedExecutionException(ex);
		}
	}

}
// end:async
