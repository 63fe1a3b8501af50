// Two feeds, each the latest state whole: whatever was missed while the connection was away, the next one makes good.
const board = document.getElementById('board')
const state = document.getElementById('state')
const cards = new Map()

function cell(card, name) {
  const element = document.createElement('span')
  element.className = name
  card.append(element)
  return element
}

function card(id) {
  let known = cards.get(id)
  if (!known) {
    const element = document.createElement('li')
    element.className = 'game'
    known = {
      element,
      home: cell(element, 'team'),
      homeGoals: cell(element, 'goals'),
      away: cell(element, 'team'),
      awayGoals: cell(element, 'goals'),
      minute: cell(element, 'minute'),
      price: cell(element, 'price')
    }
    cards.set(id, known)
    board.append(element)
  }
  return known
}

function goals(place, now) {
  const scored = place.textContent !== '' && Number(place.textContent) < now
  place.textContent = now
  if (scored) {
    place.classList.remove('scored')
    requestAnimationFrame(() => place.classList.add('scored'))
  }
}

function showScores(games) {
  for (const game of games) {
    const shown = card(game.id)
    shown.home.textContent = game.home
    shown.away.textContent = game.away
    goals(shown.homeGoals, game.homeGoals)
    goals(shown.awayGoals, game.awayGoals)
    shown.minute.textContent = `${game.minute}′`
  }
}

function showPrices(prices) {
  for (const [id, price] of Object.entries(prices)) {
    const place = card(id).price
    const before = Number(place.textContent)
    place.textContent = price.toFixed(2)
    if (before && before !== price) {
      place.className = price > before ? 'price up' : 'price down'
    }
  }
}

function follow(key, show) {
  const feed = new EventSource(`/api/feeds/${key}/events`)
  feed.addEventListener('feed', (event) => show(JSON.parse(event.data).value))
  feed.addEventListener('open', () => { state.textContent = 'Live' })
  feed.addEventListener('error', () => {
    state.textContent = 'Connecting …'
    // browsers come back after a lost connection, but never after an answer such as 503
    if (feed.readyState === EventSource.CLOSED) setTimeout(() => follow(key, show), 1000 + 2000 * Math.random())
  })
}

follow('public:scores', showScores)
follow('public:prices', showPrices)
