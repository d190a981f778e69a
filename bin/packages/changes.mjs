/** Who answers for a package. */
export const maintainer = 'The hugepool authors <hugepool@users.noreply.github.com>'

const heading = /^## \[(\d[^\]]*)\] - (\d{4}-\d\d-\d\d)$/

/** The items of a section, each on one line and without the marks of Markdown. */
const itemsIn = (lines) =>
  lines
    .join('\n')
    .split(/^- /m)
    .slice(1)
    .map((item) =>
      item
        .split(/\n(?:\n|#)/, 1)[0]
        .replace(/\s+/g, ' ')
        .trim(),
    )

/** The releases of a changelog, as of keepachangelog.com, youngest first: version, date and items. */
export const releasesIn = (changelog) =>
  changelog
    .split(/^(?=## )/m)
    .map((section) => section.split('\n'))
    .flatMap(([first, ...lines]) => {
      const [, version, date] = heading.exec(first) ?? []
      return version === undefined ? [] : [{ version, date, items: itemsIn(lines) }]
    })

/** Noon of a day, in seconds since 1970: which day it is does not depend on a time zone. */
export const noonOf = (date) => Date.parse(`${date}T12:00:00Z`) / 1000

/** Breaks a text into lines of at most so many letters. */
export const wrapped = (text, width) => {
  const lines = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** The parts of a date as changelogs of packages have them. */
const partsOf = (date) => {
  const day = new Date(`${date}T12:00:00Z`)
  return { weekday: days[day.getUTCDay()], month: months[day.getUTCMonth()] }
}

const item = (text, mark, width) =>
  wrapped(text, width).map(
    (line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`,
  )

/** The changelog of a Debian package (deb-changelog(5)), whose revisions are all the first one. */
export const debianChangelog = (releases) =>
  releases
    .map(({ version, date, items }) => {
      const { weekday, month } = partsOf(date)
      const [year, , day] = date.split('-')
      return [
        `hugepool (${version}-1) unstable; urgency=medium`,
        '',
        ...items.flatMap((text) => item(text, '  * ', 72)),
        '',
        ` -- ${maintainer}  ${weekday}, ${day} ${month} ${year} 12:00:00 +0000`,
        '',
      ].join('\n')
    })
    .join('\n')

/** The section %changelog of a spec, where a percent sign begins a macro. */
export const rpmChangelog = (releases) =>
  releases
    .map(({ version, date, items }) => {
      const { weekday, month } = partsOf(date)
      const [year, , day] = date.split('-')
      return [
        `* ${weekday} ${month} ${day} ${year} ${maintainer} - ${version}-1`,
        ...items.flatMap((text) => item(text.replaceAll('%', '%%'), '- ', 76)),
        '',
      ].join('\n')
    })
    .join('\n')
