// Each kind of part in two sentences, with the paper that it comes from.

export const parts = [
  {
    kinds: ["Convolution"], title: "Convolution",
    text: "Small filters slide over the picture and answer wherever they meet the pattern that they have learnt, with the same few weights at every place. Filters of later layers see the answers of earlier ones, and so larger and more meaningful patterns.",
    paper: "LeCun et al. 1989, “Backpropagation Applied to Handwritten Zip Code Recognition”, Neural Computation 1(4)", link: "https://doi.org/10.1162/neco.1989.1.4.541",
  },
  {
    kinds: ["ReLU"], title: "ReLU",
    text: "Negative numbers become zero, and positive ones stay as they are. Its gradient does not fade for large values, so that deep networks learn several times faster than with tanh.",
    paper: "Nair and Hinton 2010, “Rectified Linear Units Improve Restricted Boltzmann Machines”, ICML", link: "https://www.cs.toronto.edu/~hinton/absps/reluICML.pdf",
  },
  {
    kinds: ["Max pooling"], title: "Max pooling",
    text: "Of each small window only the largest value goes on, which leaves a smaller picture of what was found. Where exactly in the window it was found no longer matters, and so small shifts of a drawing matter less.",
    paper: "Ranzato et al. 2007, “Unsupervised Learning of Invariant Feature Hierarchies”, CVPR", link: "https://doi.org/10.1109/CVPR.2007.383157",
  },
  {
    kinds: ["LRN"], title: "Local response normalisation",
    text: "A value is divided by how strongly the neighbouring channels answer at the same place, so that filters compete with each other. AlexNet has it from the brain's lateral inhibition; later networks replaced it by batch normalisation.",
    paper: "Krizhevsky, Sutskever and Hinton 2012, “ImageNet Classification with Deep Convolutional Neural Networks”, NeurIPS, §3.3", link: "https://doi.org/10.1145/3065386",
  },
  {
    kinds: ["Dropout"], title: "Dropout",
    text: "While the network learns, a part of the values, chosen anew for each picture, is set to zero, so that no unit can rely on a single other one. While it answers, as here, dropout does nothing.",
    paper: "Srivastava et al. 2014, “Dropout: A Simple Way to Prevent Neural Networks from Overfitting”, JMLR 15", link: "https://jmlr.org/papers/v15/srivastava14a.html",
  },
  {
    kinds: ["Average pooling"], title: "Average pooling",
    text: "The picture is cut into a fixed number of parts, and the mean of each goes on. Pictures of other sizes so fit the dense layers that follow.",
    paper: "He et al. 2014, “Spatial Pyramid Pooling in Deep Convolutional Networks”, ECCV", link: "https://arxiv.org/abs/1406.4729",
  },
  {
    kinds: ["Flatten"], title: "Flatten",
    text: "The numbers of all places and channels are put into one long list. Nothing is computed; the dense layers just need them in a row.",
    paper: null, link: null,
  },
  {
    kinds: ["Dense"], title: "Dense layer",
    text: "Every output is a weighted sum of all inputs, so that what was found anywhere can count for any class. Most of the parameters are here; the last one gives a number for each class, which softmax makes probabilities of.",
    paper: "Rumelhart, Hinton and Williams 1986, “Learning representations by back-propagating errors”, Nature 323", link: "https://doi.org/10.1038/323533a0",
  },
  {
    kinds: ["Leaky ReLU"], title: "Leaky ReLU",
    text: "Positive numbers stay as they are, and negative ones become small instead of zero. So a unit that is silent for every picture can still learn to speak again.",
    paper: "Maas, Hannun and Ng 2013, “Rectifier Nonlinearities Improve Neural Network Acoustic Models”, ICML Workshop", link: "https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf",
  },
  {
    kinds: ["Clip"], title: "Clip",
    text: "Numbers beyond two limits become the nearer limit. Between 0 and 6 this is ReLU6, which keeps numbers in a range that few bits can hold.",
    paper: "Krizhevsky 2010, “Convolutional Deep Belief Networks on CIFAR-10”", link: "https://www.cs.toronto.edu/~kriz/conv-cifar10-aug2010.pdf",
  },
  {
    kinds: ["Tanh"], title: "Tanh",
    text: "Numbers are squeezed smoothly into −1 to 1. It was the usual choice before ReLU, and learns more slowly where values are large.",
    paper: "LeCun et al. 1998, “Efficient BackProp”", link: "https://doi.org/10.1007/978-3-642-35289-8_3",
  },
  {
    kinds: ["Sigmoid"], title: "Sigmoid",
    text: "Numbers are squeezed smoothly into 0 to 1, as a probability is. Its gradient fades at both ends, which makes deep networks slow to learn.",
    paper: "Rumelhart, Hinton and Williams 1986, “Learning representations by back-propagating errors”, Nature 323", link: "https://doi.org/10.1038/323533a0",
  },
];
