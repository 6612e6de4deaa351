// Light, dark, or as the computer is set. Kept in a cookie, so that the server sends the page in the right theme at once.

const A_YEAR_S = 31_536_000

export function startTheme() {
  const choices = document.querySelectorAll("[data-theme-choice]")
  for (const choice of choices) {
    choice.addEventListener("click", () => {
      choose(choice.dataset.themeChoice)
      for (const other of choices) {
        other.setAttribute("aria-pressed", String(other === choice))
      }
    })
  }
}

function choose(theme) {
  if (theme === "auto") {
    delete document.documentElement.dataset.theme
    document.cookie = "fasit_theme=; path=/; max-age=0; samesite=lax"
    return
  }
  document.documentElement.dataset.theme = theme
  document.cookie = `fasit_theme=${theme}; path=/; max-age=${A_YEAR_S}; samesite=lax`
}
