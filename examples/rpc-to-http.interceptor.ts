import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  HttpStatus,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { isRetryable, type RemotingRpcError } from 'nestjs-rocketmq';
import { catchError, type Observable, throwError } from 'rxjs';
import { NO_SUCH_ORDER } from './request-codes.js';

/** Turns failed calls into HTTP errors; the body says what `RpcException.getError()` says. */
@Injectable()
export class RpcToHttpInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => httpErrorOf(error))));
  }
}

function httpErrorOf(error: unknown): unknown {
  if (!(error instanceof RpcException)) return error;
  const told = error.getError() as RemotingRpcError;
  return new HttpException(told, statusOf(told, error.cause), { cause: error });
}

function statusOf(told: RemotingRpcError, cause: unknown): HttpStatus {
  if (told.code === NO_SUCH_ORDER) return HttpStatus.NOT_FOUND;
  if (told.code === 'RMQ_REMOTING_TIMEOUT') return HttpStatus.GATEWAY_TIMEOUT;
  return isRetryable(cause) ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.BAD_GATEWAY;
}
