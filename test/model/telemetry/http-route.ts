import t from 'tap'
import { plainAnswer, routeOf, wantsOpenMetrics } from '../../../src/model/telemetry/http-route.ts'

t.test('two paths, by GET', async (t) => {
  const to = (method: string, path: string) => routeOf({ method, path, accept: '' })
  t.strictSame(
    [
      to('GET', '/metrics'),
      to('GET', '/'),
      to('GET', ''),
      to('GET', '/metrics/'),
      to('GET', '/metrics?a=b'),
      to('GET', '//metrics'),
      to('GET', 'http://x/metrics'),
      to('get', '/metrics'),
      to('HEAD', '/metrics'),
      to('POST', '/'),
      to('', '/'),
    ],
    [
      'metrics',
      'index',
      ...['unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
      ...['refused', 'refused', 'refused', 'refused'],
    ],
  )
})

t.test('OpenMetrics, where it is accepted', async (t) => {
  const wants = (accept: string) => wantsOpenMetrics({ method: 'GET', path: '/', accept })
  for (const accept of [
    'application/openmetrics-text',
    'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'text/plain, Application/OpenMetrics-Text ; version=1.0.0 ; q=0.75',
    'application/openmetrics-text;q=0.01',
  ])
    t.equal(wants(accept), true, accept)
  for (const accept of [
    '',
    '*/*',
    'text/plain',
    'application/openmetrics-text;q=0',
    'application/openmetrics-text; q=0.000, text/plain',
    'application/openmetrics-texts',
    'x/y;application/openmetrics-text',
  ])
    t.equal(wants(accept), false, accept)
})

t.test('an answer in words', async (t) => {
  t.strictSame(plainAnswer(404, 'no'), {
    status: 404,
    type: 'text/plain; charset=utf-8',
    text: 'no\n',
  })
})
