// The parts of the review page that Streamlit has no element for. Python picks one by data.part.
export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector('.root')
  root.component = component
  const parts = { lines, typed, player, masked, cutting }
  parts[data.part](root, data)
  return () => {
    document.removeEventListener('keydown', root.keys)
    clearTimeout(root.again)
  }
}

// What some keys do, wherever the person is on the page.
function onKeys(root, doing) {
  document.removeEventListener('keydown', root.keys)
  root.keys = event => { if (doing[event.key]) { event.preventDefault(); doing[event.key]() } }
  document.addEventListener('keydown', root.keys)
}

function made(kind, about = {}, ...inside) {
  const element = Object.assign(document.createElement(kind), about)
  element.append(...inside)
  return element
}

// Lines of the transcript: each word can be heard; nothing is ever set as HTML.
function lines(root, data) {
  const drawn = JSON.stringify([data.lines, data.here])
  if (root.drawn !== drawn) root.replaceChildren(...data.lines.map(line => lineOf(root, data, line)))
  root.drawn = drawn
  const asked = root.querySelector('.ask')
  onKeys(root, { F3: () => document.querySelector('[class*="st-key-review_status_"] input')?.focus(), ...asked && {
    F4: () => asked.querySelector('.edit').click(), F7: () => asked.querySelector('.play')?.click() } })
  if (root.shown !== data.scroll_to && data.scroll_to) {
    const first = root.querySelector('.here') || root.querySelector('.ask')
    // Only the list moves, not the page around it, which scrollIntoView would move as well.
    let list = root.getRootNode().host
    while (list && getComputedStyle(list).overflowY !== 'auto') list = list.parentElement
    if (first && list) list.scrollTop += first.getBoundingClientRect().top - list.getBoundingClientRect().top - 80
  }
  root.shown = data.scroll_to
}

function lineOf(root, data, line) {
  const send = (name, value) => root.component.setTriggerValue(name, value)
  if (line.is_hidden) return made('div', { className: 'line ' + line.part }, made('div', { className: 'said', textContent: line.words[0][0] }))
  const box = made('input', { type: 'checkbox', checked: line.chosen, ariaLabel: data.choose + ' ' + line.time })
  box.onclick = event => {
    const span = event.shiftKey && root.last !== undefined ? [root.last, line.position] : [line.position]
    root.last = line.position
    send('pick', { from: Math.min(...span), to: Math.max(...span), on: box.checked })
  }
  const play = made('button', { className: 'play', title: data.hear, textContent: '▶ ' + line.time })
  play.onclick = () => send('hear', { position: line.position, at: line.at })
  const edit = made('button', { className: 'edit', textContent: data.edit, ariaLabel: data.edit + ' ' + line.time })
  edit.onclick = () => send('edit', line.position)
  const when = data.sound ? play : made('span', { className: 'note', textContent: line.time })
  const head = made('div', { className: 'head' }, made('label', {}, box), when, made('b', { textContent: line.name }))
  for (const [text, kind] of line.notes) head.append(made('span', { className: 'note ' + kind, textContent: text }))
  head.append(edit)
  const said = made('p', {})
  for (const [i, [text, at, unsure, masked]] of line.words.entries()) {
    const word = made('span', { className: 'word' + (unsure ? ' unsure' : '') + (masked ? ' masked' : ''), textContent: text })
    if (data.here && data.here[0] === line.position && data.here[1] === i) word.classList.add('here')
    if (unsure || masked) word.title = unsure ? data.unsure : data.masked
    if (data.sound) word.onclick = () => send('hear', { position: line.position, at })
    said.append(word, ' ')
  }
  return made('div', { className: 'line ' + line.part }, head, said)
}

// Texts whose masked stretches are marked; words that are selected are handed over.
function masked(root, data) {
  root.replaceChildren(...data.texts.filter(([, pieces]) => pieces.length).map(([label, pieces]) => made('p', {},
    made('b', { textContent: label + ': ' }),
    ...pieces.map(([text, hidden]) => hidden ? made('mark', { className: 'masked', textContent: text, title: data.masked }) : text))))
  root.onmouseup = root.onkeyup = () => {
    const shadow = root.getRootNode()
    const selected = String((shadow.getSelection ? shadow.getSelection() : document.getSelection()) || '').trim()
    if (selected && selected !== root.selected) root.component.setTriggerValue('choose', root.selected = selected)
  }
}

// Words of a question: the one that is chosen begins another question. The first cannot.
function cutting(root, data) {
  root.replaceChildren(...data.words.flatMap(([text, line, at], i) => {
    const word = made('button', { className: 'cut', textContent: text, disabled: i === 0 })
    word.onclick = () => root.component.setTriggerValue('cut', [line, at])
    return [word, ' ']
  }))
}

// A field whose text is handed over at every pause in typing, so that nothing typed is lost.
function typed(root, data) {
  let field = root.querySelector('textarea')
  if (!field) {
    field = made('textarea', { spellcheck: false, rows: 1 })
    root.replaceChildren(made('label', {}, made('span', { textContent: data.label }), field))
    root.hand_over = () => {
      clearTimeout(root.waiting)
      if (field.value !== root.sent) root.component.setStateValue('text', root.sent = field.value)
    }
    field.oninput = () => { fit(field); remember(root, field.value); clearTimeout(root.waiting); root.waiting = setTimeout(root.hand_over, 400) }
    field.onblur = root.hand_over
    field.onkeydown = event => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.altKey || root.component.data.single)) return
      event.preventDefault()
      if ((event.ctrlKey || event.altKey) && field.value !== root.sent) {
        // Text and key go together: told apart, the key would be acted upon before the text has come.
        event.stopPropagation()
        clearTimeout(root.waiting)
        root.component.setTriggerValue('submit', { text: root.sent = field.value, done: event.altKey })
      } else root.hand_over()
    }
  }
  if (root.version !== data.version) {
    root.version = data.version
    field.value = root.sent = data.text
    const left = remembered(root)
    if (left && left.version === data.version) field.value = left.text
    if (data.focus) field.focus()
  }
  acknowledge(root)
  onKeys(root, data.key ? { [data.key]: () => { field.focus(); field.select() } } : {})
  field.className = data.is_unsaved ? 'unsaved' : ''
  fit(field)
}

// What was typed is in this window as well, until the server shows that it has it: a server that is down, or a page
// loaded anew meanwhile, takes nothing away. `before` and `version` are those over which it was typed.
function remember(root, text) {
  const { before, version } = root.component.data
  sessionStorage.setItem(root.component.data.draft, JSON.stringify({ text, before, version }))
  again(root, 3000)
}

function remembered(root) {
  return JSON.parse(sessionStorage.getItem(root.component.data.draft))
}

function acknowledge(root) {
  const left = remembered(root)
  if (!left) return
  if (left.text.normalize('NFC') === root.component.data.text.normalize('NFC')) {
    sessionStorage.removeItem(root.component.data.draft)
    clearTimeout(root.again)
    root.again = undefined
  } else if (root.again === undefined) again(root, 500)
}

// Hands over what the server does not have yet, again and again: nobody can tell from here when it is back.
function again(root, pause) {
  clearTimeout(root.again)
  root.again = setTimeout(() => {
    const left = remembered(root)
    if (!left) return
    root.component.setTriggerValue('again', left)
    again(root, 5000)
  }, pause)
}

// Where the browser grows a field by itself (see the style sheet), measuring each would only cost time.
const grows = CSS.supports('field-sizing', 'content')

function fit(field) {
  if (grows) return
  field.style.height = 'auto'
  field.style.height = field.scrollHeight + 4 + 'px'
}

// The player: plays what Python cut out, from the second that was asked for.
function player(root, data) {
  let sound = root.querySelector('audio')
  if (!sound) {
    sound = made('audio', { controls: true })
    const back = made('button', { textContent: data.back, title: data.back + ' (F9)' })
    const speed = made('select', { ariaLabel: data.speed })
    for (const rate of [0.75, 1, 1.25, 1.5, 2])
      speed.append(made('option', { value: rate, textContent: data.speed + ' ' + String(rate).replace('.', ','), selected: rate === 1 }))
    back.onclick = () => { sound.currentTime = Math.max(0, sound.currentTime - 3); sound.play() }
    speed.onchange = () => { sound.playbackRate = Number(speed.value) }
    root.keys = event => {
      if (event.key === 'F8') { event.preventDefault(); sound.paused ? sound.play() : sound.pause() }
      if (event.key === 'F9') { event.preventDefault(); back.onclick() }
      if (event.altKey && ',.'.includes(event.key)) {
        event.preventDefault()
        const faster = speed.selectedIndex + (event.key === '.' ? 1 : -1)
        speed.selectedIndex = Math.min(Math.max(faster, 0), speed.options.length - 1)
        speed.onchange()
      }
    }
    root.replaceChildren(made('div', { className: 'player' }, sound, back, speed))
    sound.onloadedmetadata = () => {
      sound.playbackRate = Number(speed.value)
      sound.currentTime = Number(sound.dataset.at)
      sound.play().catch(() => {})
    }
  }
  document.removeEventListener('keydown', root.keys)
  document.addEventListener('keydown', root.keys)
  if (data.sound && sound.dataset.token !== data.token) {
    sound.dataset.token = data.token
    sound.dataset.at = data.at
    sound.src = 'data:audio/wav;base64,' + data.sound
  }
}
