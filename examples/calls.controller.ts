import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Sse,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { type ClientRemoting, InjectClientRemoting, RemotingRecordBuilder } from 'nestjs-rocketmq';
import { lastValueFrom, map, type Observable } from 'rxjs';
import { isCount, isNumbers, LONGEST_DELAY_MS, MOST_VALUES } from './limits.js';
import { Code } from './request-codes.js';
import { RpcToHttpInterceptor } from './rpc-to-http.interceptor.js';

/** Time for a delayed answer beyond its delay, in milliseconds. */
const SPARE_MS = 3000;

/** HTTP routes that call the request codes through injected clients. */
@Controller()
@UseInterceptors(RpcToHttpInterceptor)
export class CallsController {
  constructor(
    @InjectClientRemoting('example') private readonly client: ClientRemoting,
    @InjectClientRemoting('bytes') private readonly bytes: ClientRemoting,
  ) {}

  @Post('echo')
  @HttpCode(200)
  async echo(@Body() body: unknown): Promise<StreamableFile> {
    const sent = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    // an empty body comes back as no value
    const answer = this.bytes.send<Buffer>(Code.ECHO, sent);
    return new StreamableFile(await lastValueFrom(answer, { defaultValue: Buffer.alloc(0) }));
  }

  @Get('sum')
  async sum(@Query('numbers') text: unknown): Promise<{ sum: number }> {
    const parts = typeof text === 'string' ? text.split(',') : [];
    const numbers = parts.map(each => (each.trim() === '' ? Number.NaN : Number(each)));
    if (numbers.length === 0 || !isNumbers(numbers)) throw new BadRequestException('numbers must be like 1,2,39');
    return { sum: await lastValueFrom(this.client.send<number>(Code.SUM, numbers)) };
  }

  @Get('orders/:id')
  order(@Param('id') id: string): Observable<unknown> {
    return this.client.send(Code.FIND_ORDER, { id });
  }

  /** Server-sent events; who goes away ends the stream at its source. */
  @Sse('count/:n')
  count(@Param('n', ParseIntPipe) n: number): Observable<MessageEvent> {
    checkCount('n', n, MOST_VALUES);
    return this.client.send<number>(Code.COUNT, n).pipe(map(value => ({ data: String(value) })));
  }

  @Get('delay/:delayMs')
  async delay(@Param('delayMs', ParseIntPipe) delayMs: number): Promise<{ delayedMs: number }> {
    checkCount('delayMs', delayMs, LONGEST_DELAY_MS);
    const record = new RemotingRecordBuilder('')
      .setExtFields({ delayMs: String(delayMs) })
      .setTimeoutMs(delayMs + SPARE_MS)
      .build();
    return { delayedMs: await lastValueFrom(this.client.send<number>(Code.DELAY, record)) };
  }

  @Post('hits')
  @HttpCode(202)
  async hit(): Promise<void> {
    await lastValueFrom(this.client.emit(Code.HIT, ''), { defaultValue: undefined });
  }

  @Get('hits')
  async hits(): Promise<{ hits: number }> {
    return { hits: await lastValueFrom(this.client.send<number>(Code.HITS, '')) };
  }
}

function checkCount(name: string, value: number, most: number): void {
  if (!isCount(value, most)) throw new BadRequestException(`${name} must be from 0 to ${most}`);
}
