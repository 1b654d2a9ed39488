#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "common/flags.h"
#include "common/progress.h"

namespace examples {

// Blue, orange, green, purple: told apart by colour-blind eyes too.
inline constexpr const char* palette[] = {"#1f6fb4", "#e0761a", "#2a8f5c", "#8a4fb0"};

// Lines over common axes.
struct Panel {
  struct Line {
    std::string name;  // in the legend; none if empty
    std::vector<double> x;
    std::vector<double> y;
    size_t color = 0;
    bool dashed = false;
  };
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Line> lines;
  // Without a range, that of the lines.
  std::vector<double> y_range;
};

namespace detail {

// About `count` round numbers (1, 2 or 5 times a power of ten apart) that cover a range.
inline std::vector<double> ticks(double low, double high, int count) {
  const double rough = (high - low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = power * (rough / power < 1.5   ? 1
                               : rough / power < 3.5 ? 2
                               : rough / power < 7.5 ? 5
                                                     : 10);
  std::vector<double> values;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) {
    values.push_back(k == 0 ? 0.0 : k * step);  // no "-0"
  }
  return values;
}

inline std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

inline std::string text(double x, double y, const std::string& content, const char* attributes) {
  return format("<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x, y, attributes,
                escape(content).c_str());
}

// A panel as SVG, its upper left corner at (0, top).
inline std::string draw(const Panel& panel, double top, double width, double height) {
  double x0 = INFINITY;
  double x1 = -INFINITY;
  double y0 = INFINITY;
  double y1 = -INFINITY;
  for (const Panel::Line& line : panel.lines) {
    for (const double x : line.x) {
      x0 = std::min(x0, x);
      x1 = std::max(x1, x);
    }
    for (const double y : line.y) {
      if (!std::isfinite(y)) continue;
      y0 = std::min(y0, y);
      y1 = std::max(y1, y);
    }
  }
  if (panel.y_range.size() == 2) {
    y0 = panel.y_range[0];
    y1 = panel.y_range[1];
  } else {
    const double margin = 0.05 * (y1 - y0);
    y0 -= margin;
    y1 += margin;
  }
  // A single point, or none, still gets axes.
  if (!(x1 > x0)) x0 = std::isfinite(x0) ? x0 - 0.5 : 0, x1 = x0 + 1;
  if (!(y1 > y0)) y0 = std::isfinite(y0) ? y0 - 0.5 : 0, y1 = y0 + 1;

  const double left = 64;
  const double right = width - 20;
  const double upper = top + 34;
  const double lower = top + height - 44;
  const auto to_x = [&](double x) { return left + (x - x0) / (x1 - x0) * (right - left); };
  const auto to_y = [&](double y) { return lower - (y - y0) / (y1 - y0) * (lower - upper); };

  std::string svg = text(left, top + 20, panel.title, "font-size=\"14\" font-weight=\"600\"");
  for (const double y : ticks(y0, y1, 5)) {
    svg += format("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>\n",
                  left, to_y(y), right, to_y(y));
    svg += text(left - 8, to_y(y) + 4, format("%g", y), "text-anchor=\"end\" fill=\"#555\"");
  }
  for (const double x : ticks(x0, x1, 8)) {
    svg += format("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#888\"/>\n",
                  to_x(x), lower, to_x(x), lower + 4);
    svg += text(to_x(x), lower + 17, format("%g", x), "text-anchor=\"middle\" fill=\"#555\"");
  }
  svg += format("<path d=\"M%.1f %.1fV%.1fH%.1f\" fill=\"none\" stroke=\"#888\"/>\n", left, upper,
                lower, right);
  svg += text((left + right) / 2, lower + 34, panel.x_label, "text-anchor=\"middle\"");
  const double middle = (upper + lower) / 2;
  svg += text(16, middle, panel.y_label,
              format("text-anchor=\"middle\" transform=\"rotate(-90 16 %.1f)\"", middle).c_str());

  for (const Panel::Line& line : panel.lines) {
    std::string points;
    for (size_t i = 0; i < std::min(line.x.size(), line.y.size()); ++i) {
      if (!std::isfinite(line.y[i])) continue;
      points += format("%.1f,%.1f ", to_x(line.x[i]), to_y(std::clamp(line.y[i], y0, y1)));
    }
    svg += format(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" "
        "stroke-linejoin=\"round\"%s/>\n",
        points.c_str(), palette[line.color % std::size(palette)],
        line.dashed ? " stroke-dasharray=\"6 4\"" : "");
  }
  // The legend stands beside the title, from the right, so that it never hides a line.
  double at = right;
  for (auto line = panel.lines.rbegin(); line != panel.lines.rend(); ++line) {
    if (line->name.empty()) continue;
    at -= 7.2 * static_cast<double>(line->name.size()) + 34;
    svg += format(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" "
        "stroke-width=\"2.4\"%s/>\n",
        at, top + 16, at + 22, top + 16, palette[line->color % std::size(palette)],
        line->dashed ? " stroke-dasharray=\"6 4\"" : "");
    svg += text(at + 27, top + 20, line->name, "");
  }
  return svg;
}

}  // namespace detail

// Writes the panels, one below the other, as an SVG file.
inline void write_svg(const std::vector<Panel>& panels, const std::filesystem::path& path,
                      double width = 760, double panel_height = 260) {
  const double height = panel_height * static_cast<double>(panels.size());
  std::ofstream file(path);
  file << format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f "
      "%.0f\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#222\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
      width, height, width, height);
  double top = 0;
  for (const Panel& panel : panels) {
    file << detail::draw(panel, top, width, panel_height);
    top += panel_height;
  }
  file << "</svg>\n";
  file.flush();
  if (!file) throw UsageError("cannot write " + path.string());
}

// Makes the folder for what an example writes.
inline std::filesystem::path output_folder(const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(name, error);
  if (error || !std::filesystem::is_directory(name)) {
    throw UsageError("--out: cannot make the folder " + name);
  }
  return name;
}

}  // namespace examples
