import { expect, test } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { SpanShapes } from '../../../src/tracing/span-shapes.js';

test('one shape for a method and an address', () => {
  const shapes = new SpanShapes(SpanKind.CLIENT, 'orders');
  const shape = shapes.of('ECHO', '[::1]:8888');
  expect(shape).toEqual({
    name: 'ECHO',
    options: {
      kind: SpanKind.CLIENT,
      attributes: {
        'rpc.system.name': 'rocketmq',
        'rpc.method': 'ECHO',
        'rocketmq.remoting.name': 'orders',
        'server.address': '::1',
        'server.port': 8888,
      },
    },
  });
  expect(shapes.of('ECHO', '[::1]:8888')).toBe(shape);
  expect(shapes.of('OTHER', '[::1]:8888')).not.toBe(shape);
  expect(shapes.of('ECHO', '')?.options.attributes).not.toHaveProperty(['server.address']);
  expect(Object.isFrozen(shape.options.attributes)).toBe(true);
});

test('addresses without end do not fill the memory', () => {
  const shapes = new SpanShapes(SpanKind.CLIENT, 'orders');
  for (let port = 1; port <= 1000; port++) shapes.of('ECHO', `10.0.0.1:${port}`);
  const late = shapes.of('ECHO', '10.0.0.1:2000');
  expect(late.options.attributes).toMatchObject({ 'server.port': 2000 });
  expect(shapes.of('ECHO', '10.0.0.1:2000')).not.toBe(late);
  expect(shapes.of('ECHO', '10.0.0.1:7')).toBe(shapes.of('ECHO', '10.0.0.1:7'));
});
