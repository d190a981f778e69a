import { readHugeUsers } from '../../kernel/processes/huge-users.ts'
import { readPid } from '../../kernel/processes/proc-self.ts'
import { isBack, isReturned } from '../../model/mapping/mapping-reading.ts'
import { stayWords, surplusMovedWords } from '../../model/mapping/mapping-words.ts'
import { type Pool, persistent } from '../../model/pools/machine.ts'
import { wrappedReservationWords } from '../../model/pools/wrapped-reservations.ts'
import type { HugeUser } from '../../model/processes/huge-user.ts'
import { formatBytes } from '../../model/words/bytes.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { plural } from '../../model/words/plural.ts'
import type { RunningTest } from './running-test.ts'

/**
 * How long to wait for pages to come back. A page with an optimised vmemmap is freed later, by a
 * worker. After a signal the wait is shorter.
 */
const patienceMilliseconds = 1000
const hurriedMilliseconds = 200
const pollMilliseconds = 20

/** Waits until everything that the test took is back. Returns false where that takes too long. */
export const waitForReturn = async ({ ports, log, signals }: RunningTest): Promise<boolean> => {
  const started = ports.clock()
  while (!isReturned(log.start, log.look())) {
    const patience = signals.pending() === undefined ? patienceMilliseconds : hurriedMilliseconds
    if (ports.clock() - started > patience) return false
    await ports.pause(pollMilliseconds)
  }
  return true
}

const userWords = ({ pid, command, bytes }: HugeUser): string =>
  `process ${pid} (${command}) has ${formatBytes(bytes)} of huge pages mapped`

const mostUsers = 5

const usersOf = ({ ports: { tree } }: RunningTest): readonly string[] => {
  const users = readHugeUsers(tree, readPid(tree))
  return users.slice(0, mostUsers).map(userWords)
}

const likely = (path: string | undefined, isDeleted: boolean, users: readonly string[]): string => {
  if (path !== undefined)
    return isDeleted
      ? `${path} was deleted meanwhile, and somebody else has it open or mapped`
      : `${path} keeps what it has until it is deleted`
  return users.length > 0
    ? 'somebody else took them meanwhile, or holds them'
    : 'no process is seen with them: a mapping that has not touched them, a file, a pin by a driver (VFIO, RDMA), io_uring or another user of the kernel that hugepool cannot see'
}

interface EndWords {
  readonly words: readonly string[]
  readonly advice: readonly string[]
}

const notBackWords = (test: RunningTest, now: Pool, isDeleted: boolean): EndWords => {
  const { log, plan } = test
  if (isBack(log.start, now)) return { words: [], advice: [] }
  const size = formatSize(plan.size)
  if (persistent(log.start) !== persistent(now))
    return {
      words: [
        `${size}: somebody resized the pool meanwhile: ${plural(log.start.total, 'page')} before, ${now.total} now`,
      ],
      advice: [],
    }
  const moved = surplusMovedWords(log.start, now, plan.pages)
  if (moved !== undefined) return { words: moved.map((words) => `${size}: ${words}`), advice: [] }
  const held = stayWords(log.start, now)
  // A page that the kernel is still clearing comes back when the kernel has cleared it.
  if (test.signals.pending() !== undefined && held !== '')
    return {
      words: [`${size}: ${held} had not come back yet; what this process has goes with it`],
      advice: [],
    }
  const users = plan.path === undefined ? usersOf(test) : []
  const what =
    held === ''
      ? 'others changed the counters meanwhile'
      : `${held} did not come back: ${likely(plan.path, isDeleted, users)}`
  return { words: [`${size}: ${what}`], advice: users }
}

/**
 * Says, where the counters are not as at the start, how many pages are missing and who is likely to
 * hold them. Also says where the kernel's own count of reserved pages is wrong. `isDeleted` says
 * whether the file of --path was deleted during the test.
 */
export const endWords = (test: RunningTest, now: Pool, isDeleted: boolean): EndWords => {
  const { words, advice } = notBackWords(test, now, isDeleted)
  return { words: [...words, ...wrappedReservationWords(now)], advice }
}
