import { deepStrictEqual as same } from 'node:assert/strict'
import type { Octets } from '../../../src/model/etc/octets.ts'
import type { DesiredMount } from '../../../src/model/mounts/desired-mount.ts'
import {
  fstabLine,
  linesAtStart,
  mentionsOf,
  mountPointsOf,
} from '../../../src/model/mounts/persist/fstab.ts'
import { withLine, withoutLine } from '../../../src/model/mounts/persist/fstab-edit.ts'
import { readAlsoRepeated, unlessRefused } from '../expected.ts'

const desired: DesiredMount = {
  target: '/mnt/huge',
  pageSize: 2n ** 21n,
  uid: 0,
  gid: 0,
  mode: '0755',
  flags: ['nosuid', 'nodev'],
}
const { target } = desired
const line = fstabLine(desired, false)

const read = (text: Octets): void => {
  mountPointsOf(text)
  linesAtStart(text, target)
  const mentions = mentionsOf(text, target)
  const put = unlessRefused(() => withLine(text, target, line))
  if (put === undefined) {
    same(mentions.length > 0, true)
    return
  }
  same(
    mentionsOf(put.after, target).map(({ own }) => own),
    [true],
  )
  // Twice is once, and what is taken out again leaves all lines of others as they were.
  same(withLine(put.after, target, line), {
    ...{ kind: 'none', number: mentionsOf(put.after, target)[0]?.number, after: put.after },
  })
  const taken = withoutLine(put.after, target).after
  same(mentionsOf(taken, target), [])
  if (put.kind === 'append') same(taken.replace(/\n$/, ''), text.replace(/\n$/, ''))
}

/** /etc/fstab, that of others included. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
