import { refused } from '../../errors.ts'

/** The first descriptor that is passed (SD_LISTEN_FDS_START of sd_listen_fds(3)). */
const firstDescriptor = 3

/**
 * The descriptor of the socket that systemd opened for this process; undefined where there is none, or
 * where the variables are those of another process. Throws E_REFUSED for several.
 */
export const passedSocket = (
  { LISTEN_FDS: count, LISTEN_PID: owner }: Readonly<Record<string, string | undefined>>,
  pid: number,
): number | undefined => {
  if (count === undefined || owner !== `${pid}`) return undefined
  if (count === '1') return firstDescriptor
  throw refused('wrong-words', `LISTEN_FDS=${count}: one socket can be listened on`)
}
