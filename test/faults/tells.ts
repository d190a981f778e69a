/** Whether something is a file of the pools of a recorded machine. */
const isRecorded = (name: string): boolean => /^file \/tmp\/.*\/hugepages-\d+kB\//.test(name)

/** The part of a name that words about it have. */
export const tokenOf = (name: string): string => {
  const [kind = '', ...rest] = name.split(' ')
  const path = rest.join(' ')
  if (kind === 'setting')
    return path.replace(/^.*[/_](shm)_?/, '$1').replace('shmgroup', 'shm-group')
  const kilobytes = /hugepages-(\d+)kB/.exec(path)?.[1]
  if ((kind !== 'pool' && !isRecorded(name)) || kilobytes === undefined) return path
  return kilobytes === '1048576' ? '1G' : `${Number(kilobytes) / 1024}M`
}

/** What programs of others write, and what is told of files by something else than their names. */
const otherWords = [
  [/^file \/boot\/grub\//, 'update-grub'],
  [/^file \/run\/systemd\//, 'systemctl'],
  [/^file \/(boot\/grub|etc\/default\/grub\.d|var\/lib\/hugepool)\//, 'the next boot has'],
] as const

const ofJson: Readonly<Record<string, string>> = { '1G': '1073741824', '2M': '2097152' }

/** Words for a change that was made, as against one that was tried. */
const changeWords =
  /written|wrote|mounted|^TARGET |is now|removed|made|changed|put back|"(changes|written|outcome)"|done|partial|stays|left|not as it was/im

/** Whether a text tells of a change: it names what changed, and says that it did. */
export const tells = (
  text: string,
  name: string,
  now: string | undefined,
  json: boolean,
): boolean => {
  const token = tokenOf(name)
  const [kind, path = ''] = name.split(' ')
  const directory = /hugepages-\d+kB/.exec(path)?.[0] ?? path
  const others = otherWords.flatMap(([pattern, words]) => (pattern.test(name) ? [words] : []))
  const words = [token, ...others, directory, ...(json ? [ofJson[token] ?? token] : [])]
  const splits = kind === 'pool' && /written to \S+\/demote\b/.test(text)
  const names = splits || words.some((word) => text.includes(word))
  if (!names || !changeWords.test(text)) return false
  // What was split is told by the number that was written, not by what is left of it.
  if (splits) return true
  return kind !== 'pool' || new RegExp(`(^|\\D)${now}(\\D|$)`, 'm').test(text)
}
