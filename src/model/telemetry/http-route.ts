/** What a request asks for; everything but two paths is unknown, and every method but GET refused. */
export type HttpRoute = 'metrics' | 'index' | 'unknown' | 'refused'

/** The part of a request that counts. Its other headers, and its body, are not looked at. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly accept: string
}

export interface HttpAnswer {
  readonly status: number
  readonly type: string
  readonly text: string
  /** The methods that the path has, where another one was asked for. */
  readonly allow?: string
}

export const routeOf = ({ method, path }: HttpRequest): HttpRoute => {
  if (method !== 'GET') return 'refused'
  if (path === '/metrics') return 'metrics'
  return path === '/' ? 'index' : 'unknown'
}

/** Whether a request accepts OpenMetrics. A quality of 0 refuses what it is given to (RFC 9110). */
export const wantsOpenMetrics = ({ accept }: HttpRequest): boolean =>
  accept.split(',').some((range) => {
    const [type = '', ...settings] = range.split(';').map((part) => part.trim().toLowerCase())
    return (
      type === 'application/openmetrics-text' &&
      !settings.some((setting) => /^q=0(?:\.0*)?$/.test(setting))
    )
  })

/** An answer in words, with a newline behind them. */
export const plainAnswer = (status: number, words: string): HttpAnswer => ({
  status,
  type: 'text/plain; charset=utf-8',
  text: `${words}\n`,
})
