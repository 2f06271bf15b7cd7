package dev.cpg.demo;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CsError;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers a request whose message was not delivered, or not known to be.
 */
@RestControllerAdvice
class CorosyncProblems {

	@ExceptionHandler
	ProblemDetail notDelivered(CorosyncException ex) {
		HttpStatus status = HttpStatus.SERVICE_UNAVAILABLE;
		String outcome = "not-sent";
		if (ex instanceof CpgSendException sent) {
			boolean lost = sent.outcome() == CpgSendException.Outcome.LOST;
			status = lost ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.GATEWAY_TIMEOUT;
			outcome = lost ? "lost" : "unknown";
		}
		else if (ex.error() == CsError.TOO_BIG) {
			status = HttpStatus.CONTENT_TOO_LARGE;
		}
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, ex.getMessage());
		problem.setProperty("outcome", outcome);
		return problem;
	}

}
