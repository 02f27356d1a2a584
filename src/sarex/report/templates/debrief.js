"use strict";
document.querySelectorAll(".film").forEach((film) => {
  const shown = film.querySelector(".shown");
  const told = [...film.querySelectorAll(".told")];
  const slider = film.querySelector("input");
  const play = film.querySelector(".play");
  let at = 0;
  let clock = 0;
  const show = (number) => {
    told[at].hidden = true;
    at = Math.min(Math.max(number, 0), told.length - 1);
    told[at].hidden = false;
    slider.value = at;
    slider.setAttribute("aria-valuetext", told[at].firstElementChild.textContent);
    shown.setAttribute("href", `#${film.id}-${at}`);
  };
  const pause = () => {
    clearInterval(clock);
    clock = 0;
    play.textContent = play.dataset.play;
  };
  const run = () => {
    if (at === told.length - 1) show(0);
    play.textContent = play.dataset.pause;
    clock = setInterval(() => {
      if (at === told.length - 1) pause();
      else show(at + 1);
    }, 700);
  };
  const step = (by) => { pause(); show(at + by); };
  play.addEventListener("click", () => (clock ? pause() : run()));
  film.querySelector(".back").addEventListener("click", () => step(-1));
  film.querySelector(".on").addEventListener("click", () => step(1));
  slider.addEventListener("input", () => { pause(); show(Number(slider.value)); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === slider || event.target.tagName === "BUTTON") return;
    if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
    else if (event.key === " ") { clock ? pause() : run(); }
    else return;
    event.preventDefault();
  });
  const wanted = /^#t=(\d+)$/.exec(location.hash);
  show(wanted ? Number(wanted[1]) : 0);
});
