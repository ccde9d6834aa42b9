const clock = document.getElementById("clock");
const frames = document.getElementById("frames");
let drawn = 0;

function draw() {
  drawn += 1;
  frames.textContent = String(drawn);
  clock.textContent = new Date().toISOString().slice(11, 23);
  requestAnimationFrame(draw);
}

requestAnimationFrame(draw);
